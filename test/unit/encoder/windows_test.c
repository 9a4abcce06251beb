/*
 * windows_test.c
 *	  Frames of a recording, and the windows that it is heard in.
 */
#include "core/encoder/windows.h"

#include "encoder_sample.h"
#include "unit.h"

/* Frames and windows by the header's words. */
static void
test_windows(EmoEnv *env)
{
	EmoEncoderConfig config = sample_base;
	const int64_t most = EMO_ENCODER_WINDOW_FRAMES;
	const int64_t margin = most * EMO_ENCODER_MARGIN_S / EMO_ENCODER_WINDOW_S;

	(void) env;
	CHECK(emo_encoder_hop(&config) == 20 && emo_encoder_reach(&config) == 30);
	CHECK(emo_encoder_n_frames(&config, 0) == 0);
	CHECK(emo_encoder_n_frames(&config, 29) == 0);
	CHECK(emo_encoder_n_frames(&config, 30) == 1);
	CHECK(emo_encoder_n_frames(&config, 49) == 1);
	CHECK(emo_encoder_n_frames(&config, 50) == 2);
	CHECK(emo_n_windows(&config, 1) == 1);
	/* 20 samples from frame to frame: 30 s have more than a window may. */
	CHECK(emo_n_windows(&config, most) == 1);
	CHECK(emo_n_windows(&config, most + 1) == 2);
	for (int64_t n_frames = most - 1; n_frames < 5 * most; n_frames += 77)
	{
		int64_t n_windows = emo_n_windows(&config, n_frames), end = 0;

		for (int64_t i = 0; i < n_windows; i++)
		{
			EmoEncoderWindow window = emo_window(&config, n_frames, i);

			CHECK(window.kept == end && window.n_kept > 0);
			end += window.n_kept;
			CHECK(window.n_heard <= most);
			CHECK(window.kept - window.heard == (i == 0 ? 0 : margin));
			CHECK(window.heard + window.n_heard - end ==
				  (n_windows == 1 || i == n_windows - 1 ? 0 : margin));
			CHECK(llabs(window.n_kept - n_frames / n_windows) <= 1);
		}
		CHECK(end == n_frames);
	}
	/* Those of a second, as published ones have. */
	config.convs[1].stride = 8;
	config.convs[1].kernel = 8;
	config.convs[2].stride = 8;
	config.convs[2].kernel = 8;
	CHECK(emo_n_windows(&config, 1500) == 1);
	CHECK(emo_n_windows(&config, 1501) == 2);
	CHECK(emo_window(&config, 1501, 0).n_heard == 750 + 100);
}

int
main(void)
{
	RUN(test_windows);
	return unit_finish();
}
