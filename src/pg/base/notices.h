/*
 * notices.h
 *	  SQLSTATEs of notices that programs tell apart, such as the web service, which makes fields of its
 *	  answers of them.  Class 01 is that of warnings, M begins no code of the standard's.
 */
#ifndef EMOSER_NOTICES_H
#define EMOSER_NOTICES_H

#include "postgres.h"

/* Channels were mixed although different people talk on them. */
#define EMOSER_NOTICE_TALKERS_MIXED MAKE_SQLSTATE('0', '1', 'M', '0', '1')

/* No emotion is given, as nobody speaks, or not long enough. */
#define EMOSER_NOTICE_NO_SPEECH     MAKE_SQLSTATE('0', '1', 'M', '0', '2')
#define EMOSER_NOTICE_LITTLE_SPEECH MAKE_SQLSTATE('0', '1', 'M', '0', '3')

/* The utterance is unlike anything that the model was trained on. */
#define EMOSER_NOTICE_UNFAMILIAR MAKE_SQLSTATE('0', '1', 'M', '0', '4')

/* Turns of channels that emoser.allowed_channels leaves out. */
#define EMOSER_NOTICE_NOT_JUDGED MAKE_SQLSTATE('0', '1', 'M', '0', '5')

/* The same as errors, where those are asked for: data exceptions. */
#define EMOSER_ERROR_NO_SPEECH     MAKE_SQLSTATE('2', '2', 'M', '0', '2')
#define EMOSER_ERROR_LITTLE_SPEECH MAKE_SQLSTATE('2', '2', 'M', '0', '3')

#endif
