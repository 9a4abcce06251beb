/*
 * options_test.c
 *	  Tables of options: defaults, ranges, and what is refused.
 */
#include "unit.h"

#include "core/base/options.h"

typedef enum Colour
{
	RED,
	BLUE
} Colour;

typedef struct Paint
{
	double share;
	int coats;
	bool glossy;
	Colour colour;
} Paint;

static const char *const colours[] = {"red", "blue", NULL};

static const EmoOption paint_options[] = {
	EMO_REAL("share", Paint, share, 0, 0.5, 0.25),
	EMO_INT("coats", Paint, coats, 1, 3, 2),
	EMO_BOOLEAN("glossy", Paint, glossy, true),
	EMO_CHOICE("colour", Paint, colour, colours, BLUE),
};

static const EmoOptionTable paint_table = EMO_OPTION_TABLE(paint_options);

static void
refuse(EmoEnv *env, Paint paint, const char *message, const char *detail)
{
	CHECK(emo_check_options(env, &paint_table, &paint) == EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->message, message) == 0 && strcmp(env->detail, detail) == 0);
}

static void
test_table(EmoEnv *env)
{
	Paint paint;

	emo_default_options(&paint_table, &paint);
	CHECK(paint.share == 0.25 && paint.coats == 2 && paint.glossy && paint.colour == BLUE);
	CHECK(emo_check_options(env, &paint_table, &paint) == EMO_OK);
	paint.share = NAN;
	refuse(env, paint, "value nan out of range for option \"share\"", "Allowed range: 0 to 0.5.");
	paint.share = 0.5;
	paint.coats = 4;
	refuse(env, paint, "value 4 out of range for option \"coats\"", "Allowed range: 1 to 3.");
	paint.coats = 3;
	paint.colour = (Colour) 2;
	refuse(env, paint, "invalid value for option \"colour\"", "");
}

int
main(void)
{
	RUN(test_table);
	return unit_finish();
}
