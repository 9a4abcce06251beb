/*
 * av_module.h
 *	  The module with the decoder of FFmpeg's libraries, which need not be installed.
 */
#ifndef EMOSER_AV_MODULE_H
#define EMOSER_AV_MODULE_H

/* Have it looked for, and loaded, at the first recording that the core can't read. */
extern void emoser_offer_av_module(void);

#endif
