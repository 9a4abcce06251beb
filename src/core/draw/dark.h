/*
 * dark.h
 *	  Pictures in dark surroundings: a style sheet in the SVG that follows prefers-color-scheme.
 *
 * Colours are attributes, those of light surroundings, which every viewer and printer draws.  Where
 * the screen is dark, rules for attributes of these values replace the ones that would be too dark
 * there; colours of data stay, within edges that are seen.
 */
#ifndef EMO_DARK_H
#define EMO_DARK_H

#include "core/draw/colors.h"
#include "core/draw/svg.h"

#define EMO_GROUND      "#FFFFFF"
#define EMO_DARK_GROUND "#161E1E"

/* White around marks on either ground, where EMO_GROUND would become dark. */
#define EMO_ALWAYS_WHITE "#fff"

/* Full in a matrix, of which cells have a share. */
#define EMO_SHADE      "#08306B"
#define EMO_DARK_SHADE "#A6D3FF"

/* What has no emotion. */
#define EMO_NO_EMOTION_COLOR      "#F2F2F2"
#define EMO_DARK_NO_EMOTION_COLOR "#2B3636"

/* Of the root element, so that rules are about nothing else in a page that it is a part of. */
#define EMO_PICTURE_CLASS "emoser"

/* The style sheet for a picture that is drawn by text[length], with rules for colours that occur. */
extern void emo_add_dark_style(EmoSvg *svg, const char *text, size_t length);

/* The colour of text that is read on a colour in light surroundings, and on another one in dark ones. */
extern const char *emo_ink_on(const char *light, const char *dark);

/* The same on a colour that covers the ground, or EMO_SHADE or EMO_NO_EMOTION_COLOR, by a share. */
extern const char *emo_ink_on_share(const char *color, double share);

#endif
