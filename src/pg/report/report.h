/*
 * report.h
 *	  emoser_report(): what is known of a model and a source, and the sections that tell it.
 *
 * All memory is in the context of one call.  The source is run once, and kept.
 */
#ifndef EMOSER_REPORT_H
#define EMOSER_REPORT_H

#include "pg/base/sql.h"

#include "lib/stringinfo.h"

#include "pg/base/html.h"
#include "pg/evaluate/model_evaluation.h"
#include "pg/evaluate/trained_on.h"

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
	REPORT_LOSO,           /* models of the same algorithm and options, each without one speaker */
	REPORT_SPEAKERS,       /* the same, each without a fold of the speakers */
	REPORT_KFOLD,          /* the same without a fold of the utterances, for want of speakers */
	REPORT_TRAINED_ON,     /* by the model itself, which was trained on these utterances */
	REPORT_PARTLY,         /* by the model itself, which was trained on some of them */
	REPORT_REST,           /* by the model itself, of those that it was not trained on */
	REPORT_NEW_DATA,       /* by the model itself, which was trained on something else */
	REPORT_GIVEN,          /* given, nothing is known of them */
	REPORT_GIVEN_LOSO,     /* given, with folds that are the speakers */
	REPORT_GIVEN_SPEAKERS, /* given, with folds that hold all of a speaker's utterances */
	REPORT_GIVEN_FOLDS     /* given, with other folds */
} ReportProtocol;

/* A row of emoser_models. */
typedef struct ReportModel
{
	const char *name, *version, *algorithm, *creator, *created_at, *training_time;
	Jsonb *options;
	const char *n_utterances, *n_speakers, *data_hash, *source, *bytes;
	DecodedModel *decoded;
	const char **labels; /* [n_labels] */
	int n_labels;
	bool is_bundled, has_net;
	bool takes_audio; /* not features of the user's own */
} ReportModel;

typedef struct ReportPrediction
{
	int64 source_row; /* of its recording; 0: not known */
	int64 utterance;  /* of the set; not of predictions that were given */
	const char *name; /* for people */
	const char *speaker;
	const char *actual, *predicted;
	bool is_right;
	float confidence;     /* of predicted */
	Jsonb *probabilities; /* of an error that was given */
} ReportPrediction;

/* How likely an emotion is. */
typedef struct Likelihood
{
	const char *label;
	double p;
} Likelihood;

typedef struct Report
{
	StringInfo page; /* the sections so far */
	List *headings;  /* of them: id and heading in turns */
	EmoEnv env;
	Sql sql;

	const char *model_name, *source_text, *title;
	const char *predictions_text; /* NULL: none given */
	bool cross_validate;          /* also where it takes long */
	bool with_audio;

	ReportModel model;

	Source *source;
	TupleDesc columns;         /* of source */
	Jsonb *source_options;     /* as they were given */
	SourceOptions reading;     /* of the source */
	int wanted;                /* TrainedOn */
	List *by;                  /* C strings, columns to tell groups by */
	int audio, channel;        /* columns; 0: none */
	int sex;                   /* likewise */
	bool has_names;            /* utterances have an id or a file name */
	bool is_emodb;             /* recordings are named as those of EmoDB's speakers are */
	TrainingSet *set;          /* with features, and frames for a net */
	bool has_classes;          /* two emotions at least, and twice each */
	int64 *source_order;       /* of the set's utterances */
	int64 n_rows;              /* of the source */
	bool is_own_data;          /* the model was trained on just this source */
	bool is_trained_on;        /* or on most of it */
	bool *trained_on;          /* [set->n_utterances], on each; NULL: not known */
	int64 n_trained_on;        /* -1: not known */
	int n_speakers_trained_on; /* of the evaluation, those with names of speakers in the training */
	const char *warning;       /* above pictures of its figures; NULL: none */

	ReportProtocol protocol;
	Evaluation *evaluation;
	EmoJudged judged;
	int64 *judged_place; /* [set->n_utterances], -1: not judged; NULL: all are, in their order */
	ReportPrediction *predicted; /* [evaluation->n], in the order of the source */
	int n;                       /* evaluation->n */
	bool has_profiles;
	EmoEstimates scores, profile_scores;

	/* Of predictions that were made here. */
	const float *log_posteriors; /* [set->n_utterances][n_classes]; NULL: the model's own */
	const char **classes;        /* [n_classes] */
	int n_classes;

	const char *svg; /* [svg_length], the picture that the core drew last */
	size_t svg_length;

	Size audio_bytes; /* used of REPORT_MAX_AUDIO_BYTES */
	int n_players;
} Report;

/* A recording of the source, in the current memory context, and which channel is heard; NULL for none. */
extern struct varlena *emoser_report_recording(Report *report, int64 source_row, int *channel);

/* The beginning of a recording as WAV for a player; NULL for one that can't be read. */
extern bytea *emoser_report_clip(const Report *report, struct varlena *audio, int channel);

/* Pictures side by side, as far as there is room. */
extern void emoser_report_begin_figures(Report *report);
extern void emoser_report_end_figures(Report *report);

/*
 * A picture with a caption, which is a text: the text that was selected last, if it isn't null, or what
 * the core drew into report->svg, after raising what status says.
 */
extern void emoser_report_selected_plot(Report *report, int column, const char *caption);
extern void emoser_report_figure(Report *report, EmoStatus status, const char *caption);

/* Whether predictions were made here by models that had not heard them. */
static inline bool
emoser_report_is_cross(const Report *report)
{
	return report->protocol == REPORT_LOSO || report->protocol == REPORT_SPEAKERS ||
		   report->protocol == REPORT_KFOLD;
}

/* Whether the model itself made them. */
static inline bool
emoser_report_is_own(const Report *report)
{
	return report->protocol == REPORT_TRAINED_ON || report->protocol == REPORT_PARTLY ||
		   report->protocol == REPORT_REST || report->protocol == REPORT_NEW_DATA;
}

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
extern void emoser_report_player(Report *report, const struct varlena *wav, const char *what);

/* Who is asked, about what: fills in the model and the source, and says what is wrong with them. */
extern void emoser_report_read_model(Report *report);
extern void emoser_report_read_source(Report *report);

/* Predictions and their scores: made by the model, by others like it, or given. */
extern void emoser_report_read_predictions(Report *report);
extern void emoser_report_read_given(Report *report);

/* Emotions [*n] by how likely a prediction has them, the likeliest first. */
extern Likelihood *emoser_report_likelihoods(const Report *report, const ReportPrediction *p,
											 int *n);

/* Bring likelihoods into that order. */
extern void emoser_sort_likelihoods(Likelihood *likelihoods, int n);

/* The same of a JSON object, whose probabilities are checked. */
extern Likelihood *emoser_read_likelihoods(Jsonb *probabilities, int *n);

/* Sections, in their order. */
extern void emoser_report_data(Report *report);
extern void emoser_report_features(Report *report);
extern void emoser_report_training(Report *report);
extern void emoser_report_evaluation(Report *report);
extern void emoser_report_groups(Report *report);
extern void emoser_report_errors(Report *report);
extern void emoser_report_explanations(Report *report);
extern void emoser_report_class_images(Report *report);
extern void emoser_report_calibration(Report *report);
extern void emoser_report_limits(Report *report);
extern void emoser_report_reproduce(Report *report);

#endif
