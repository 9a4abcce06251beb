/*
 * cnn_options.h
 *	  Options of algorithm "cnn", wherever they are given.
 */
#ifndef EMOSER_CNN_OPTIONS_H
#define EMOSER_CNN_OPTIONS_H

#include "postgres.h"

#include "utils/jsonb.h"

#include "core/nn/train.h"
#include "pg/source/source.h"

typedef struct CnnOptions
{
	SourceOptions source;
	EmoNnTrainOptions core;
	/*
	 * Fit the temperature; where validation_share is 0, by a net that is trained before without a
	 * fifth of the speakers.
	 */
	bool calibrate;
	int memory_mb; /* of the recordings' frames; what is beyond goes to a temporary file */
	bool resume;   /* go on with a training that was interrupted */
	bool quiet;    /* no NOTICEs */
} CnnOptions;

/*
 * Checked, for any number of classes.  *all becomes the options that a model depends on, with their
 * defaults and with the blocks of the architecture: memory_mb, resume and quiet are not among them.
 * Those of the source are among them if with_source.  Reading *all again gives the same options.  Raises INVALID_PARAMETER_VALUE.
 */
extern CnnOptions emoser_read_cnn_options(Jsonb *given, bool with_source, Jsonb **all);

#endif
