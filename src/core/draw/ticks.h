/*
 * ticks.h
 *	  Round numbers along an axis.
 */
#ifndef EMO_TICKS_H
#define EMO_TICKS_H

#define EMO_NUMBER_BYTES 64

/*
 * The distance of ticks, 1, 2 or 5 times a power of ten, with which a span > 0 has at most max_ticks
 * + 1 of them.
 */
extern double emo_tick_step(double span, int max_ticks);

/*
 * A number as people write it, with as many decimals as a step has (step 0.05: "0.30"), in thousands
 * ("12k"), millions ("12M") or billions where the step is that large.  No locale changes it.
 */
extern void emo_format_number(double value, double step, char text[EMO_NUMBER_BYTES]);

#endif
