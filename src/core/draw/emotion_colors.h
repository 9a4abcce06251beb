/*
 * emotion_colors.h
 *	  An emotion has one colour in all pictures, whatever others it stands beside.
 *
 * Colours of known emotions differ from each other in lightness, so that they are told apart in
 * greyscale, and for colour-blind readers; test/unit/draw/emotion_colors_test.c has the bounds.
 */
#ifndef EMO_EMOTION_COLORS_H
#define EMO_EMOTION_COLORS_H

/*
 * Numbers of colours for names[n] in UTF-8, each for emo_emotion_color() and emo_emotion_marker().
 * Known emotions have theirs by their names, in several languages and abbreviated; of two names of
 * one emotion, the first.  Another name has one of those that no known emotion has: by its letters, so that it is the same in every picture
 * where no other unknown name that comes before it wants it too.  Names beyond them share colours.
 */
extern void emo_emotion_color_numbers(const char *const *names, int n, int *numbers);

/* "#RRGGBB" */
extern const char *emo_emotion_color(int number);

/* A shape for emo_add_marker(): of the first eight colours, each has its own. */
extern int emo_emotion_marker(int number);

/* Colours of which no two are the same. */
#define EMO_N_EMOTION_COLORS 20

/* Of these, the first are those of known emotions. */
#define EMO_N_KNOWN_EMOTIONS 12

#endif
