/*
 * report.h
 *	  emoser_report(): what is known of a model and a source, and the sections that tell it.
 *
 * All memory is in the context of one call.  Queries run with the caller's rights and search_path;
 * they name whatever is not the caller's with its schema.
 */
#ifndef EMOSER_REPORT_H
#define EMOSER_REPORT_H

#include "pg/base/glue.h"

#include "executor/spi.h"
#include "lib/stringinfo.h"

#include "core/base/metrics.h"
#include "pg/base/html.h"
#include "pg/source/set.h"

/* A page that mail takes and browsers open at once. */
#define REPORT_MAX_BYTES (5 * 1024 * 1024)

/* Of that, for sound; in base64. */
#define REPORT_MAX_AUDIO_BYTES (3 * 1024 * 1024)

/* Width of pictures: two fit side by side on a desk, and letters are legible on a telephone. */
#define REPORT_PICTURE_WIDTH 480

/* Clips for players: mono at a rate that all browsers know, and not longer than 8 s. */
#define REPORT_SAMPLE_RATE      16000
#define REPORT_MAX_CLIP_SAMPLES (8 * REPORT_SAMPLE_RATE)

/* How the predictions were made. */
typedef enum ReportProtocol
{
	REPORT_LOSO,       /* models of the same algorithm and options, each without one speaker */
	REPORT_KFOLD,      /* the same without a fold of the utterances, for want of speakers */
	REPORT_TRAINED_ON, /* by the model itself, which was trained on these utterances */
	REPORT_NEW_DATA,   /* by the model itself, which was trained on something else */
	REPORT_GIVEN,      /* given, nothing is known of them */
	REPORT_GIVEN_LOSO, /* given, with folds that are the speakers */
	REPORT_GIVEN_FOLDS /* given, with other folds */
} ReportProtocol;

/* A row of emoser_models. */
typedef struct ReportModel
{
	const char *name, *version, *algorithm, *options, *creator, *created_at, *training_time;
	const char *n_utterances, *n_speakers, *data_hash, *source, *bytes;
	const char *metrics;
	ArrayType *labels;
	bool is_bundled, has_net;
	bool takes_audio; /* not features of the user's own */
} ReportModel;

typedef struct ReportPrediction
{
	const char *key;  /* what its recording is found by, see Report.key */
	const char *name; /* for people */
	const char *speaker;
	const char *actual, *predicted, *predicted_with_profile; /* the last may be NULL */
	int n_labels;
	char **labels;    /* [n_labels], likeliest first */
	Datum *p;         /* [n_labels], float8: their probabilities */
	float confidence; /* of predicted */
	int32 actual_number, predicted_number, profile_number; /* in Report.labels */
	int32 speaker_number;
} ReportPrediction;

typedef struct Report
{
	StringInfo page; /* the sections so far */
	List *headings;  /* of them: id and heading in turns */
	EmoEnv env;
	Oid function;
	const char *schema; /* of the extension, quoted */

	const char *model_name, *source, *title;
	const char *predictions; /* NULL: none given */
	bool cross_validate;     /* also where it takes long */
	bool with_audio;

	ReportModel model;

	const char *item;  /* the source as an item of FROM, called source */
	const char *input; /* what models take of it: "audio" or "features" */
	const char *key;   /* expression in the source that finds a recording again; NULL: none */
	const char *name;  /* expression in the source for people */
	bool has_recordings;
	bool has_sex;
	bool is_emodb;      /* recordings are named as those of EmoDB's speakers are */
	TrainingSet *set;   /* without features */
	bool is_trained_on; /* the model was, on just this source */

	ReportProtocol protocol;
	ReportPrediction *predicted; /* [n] */
	int n;
	const char **labels; /* [n_labels], actual and predicted, sorted by their bytes */
	int n_labels;
	const char **speakers; /* [n_speakers], none if not known */
	int n_speakers;
	EmoJudged judged;
	bool has_profiles;
	EmoEstimates scores, profile_scores;

	Size audio_bytes; /* used of REPORT_MAX_AUDIO_BYTES */
	int n_players;
} Report;

/* Rows of a query with parameters of type text. */
extern SPITupleTable *emoser_report_query(const char *sql, int n_parameters,
										  const char *const *parameters);

/* A text value of a row, in the encoding of the database; NULL for null. */
extern char *emoser_report_value(const SPITupleTable *rows, uint64 row, int column);

/* Pictures side by side, as far as there is room. */
extern void emoser_report_begin_figures(Report *report);
extern void emoser_report_end_figures(Report *report);

/*
 * A picture with a caption: of a call such as "emoser_plot_x($1, 480)", or of the core.  Captions are
 * texts.
 */
extern void emoser_report_plot(Report *report, const char *call, int n_parameters,
							   const char *const *parameters, const char *caption);
extern void emoser_report_figure(Report *report, const char *svg, size_t length,
								 const char *caption);

/* A heading that the table of contents links to, and the end of its section. */
extern void emoser_report_begin_section(Report *report, const char *id, const char *heading);
extern void emoser_report_end_section(Report *report);

/* The title, the style sheet and all sections: the page. */
extern StringInfo emoser_report_assemble(Report *report);

/* Colours, sizes, light, dark and paper. */
extern const char emoser_report_style[];

/* What is to be known of how the predictions were made, in words. */
extern const char *emoser_report_protocol_words(const Report *report);

/* The model's labels, with commas between. */
extern char *emoser_report_labels(const Report *report);

/* A share as a percentage with its interval: "87.4 % (83.0 to 91.2)". */
extern void emoser_report_share(StringInfo page, const EmoEstimates *scores, int which);

/* A player for a WAV file, if there is room left; what says what is heard. */
extern bool emoser_report_player(Report *report, const void *wav, int n_bytes, const char *what);

/* Who is asked, about what: fills in the model and the source, and says what is wrong with them. */
extern void emoser_report_read_model(Report *report);
extern void emoser_report_read_source(Report *report);

/* Predictions and their scores. */
extern void emoser_report_read_predictions(Report *report);
extern EmoEstimates emoser_report_speaker_scores(Report *report, int speaker);

/* Sections, in their order. */
extern void emoser_report_data(Report *report);
extern void emoser_report_features(Report *report);
extern void emoser_report_training(Report *report);
extern void emoser_report_evaluation(Report *report);
extern void emoser_report_errors(Report *report);
extern void emoser_report_explanations(Report *report);
extern void emoser_report_class_images(Report *report);
extern void emoser_report_calibration(Report *report);
extern void emoser_report_limits(Report *report);
extern void emoser_report_reproduce(Report *report);

#endif
