/*
 * format.h
 *	  Names and properties of libsndfile's format codes.
 */
#ifndef EMO_AUDIO_FORMAT_H
#define EMO_AUDIO_FORMAT_H

/* Short static names, such as "wav" and "pcm16". */
extern const char *emo_container_name(int format);
extern const char *emo_encoding_name(int format);

/* The largest magnitude that the encoding expresses on both sides of zero. */
extern float emo_encoding_full_scale(int format);

#endif
