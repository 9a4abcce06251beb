/*
 * windows.c
 *	  Frames of a recording, and the windows that it is heard in.
 */
#include "core/encoder/windows.h"

/* Samples between frames of a log mel spectrogram, of which Whisper makes one frame of two. */
#define WHISPER_HOP 320

int64_t
emo_encoder_hop(const EmoEncoderConfig *config)
{
	int64_t hop = 1;

	if (config->kind == EMO_WHISPER)
		return WHISPER_HOP;
	for (int i = 0; i < config->n_convs; i++)
		hop *= config->convs[i].stride;
	return hop;
}

int64_t
emo_encoder_reach(const EmoEncoderConfig *config)
{
	int64_t reach = 1;

	if (config->kind == EMO_WHISPER)
		return WHISPER_HOP;
	for (int i = config->n_convs - 1; i >= 0; i--)
		reach = (reach - 1) * config->convs[i].stride + config->convs[i].kernel;
	return reach;
}

int64_t
emo_encoder_n_frames(const EmoEncoderConfig *config, int64_t n_samples)
{
	int64_t reach = emo_encoder_reach(config), hop = emo_encoder_hop(config);

	/* The last one may hear some of the filling. */
	if (config->kind == EMO_WHISPER)
		return (n_samples + hop - 1) / hop;
	return n_samples < reach ? 0 : (n_samples - reach) / hop + 1;
}

static int64_t
window_frames(const EmoEncoderConfig *config)
{
	int64_t frames = EMO_ENCODER_WINDOW_S * EMO_ENCODER_SAMPLE_RATE / emo_encoder_hop(config);

	if (config->kind == EMO_WHISPER)
		return config->max_frames;
	if (frames > EMO_ENCODER_WINDOW_FRAMES)
		return EMO_ENCODER_WINDOW_FRAMES;
	return frames > 0 ? frames : 1;
}

static int64_t
margin_frames(const EmoEncoderConfig *config)
{
	return config->kind == EMO_WHISPER
			   ? 0
			   : window_frames(config) * EMO_ENCODER_MARGIN_S / EMO_ENCODER_WINDOW_S;
}

/* Those that a window in the middle is kept for. */
static int64_t
most_kept(const EmoEncoderConfig *config)
{
	return window_frames(config) - 2 * margin_frames(config);
}

int64_t
emo_n_windows(const EmoEncoderConfig *config, int64_t n_frames)
{
	int64_t most = most_kept(config);

	return n_frames <= window_frames(config) ? 1 : (n_frames + most - 1) / most;
}

EmoEncoderWindow
emo_window(const EmoEncoderConfig *config, int64_t n_frames, int64_t i)
{
	int64_t n_windows = emo_n_windows(config, n_frames), margin = margin_frames(config);
	int64_t most = most_kept(config), from, to, heard_to;
	EmoEncoderWindow window;

	/* Whisper's are full, but for the last. */
	if (config->kind == EMO_WHISPER)
	{
		from = i * most;
		to = from + most < n_frames ? from + most : n_frames;
	}
	else
	{
		from = n_frames * i / n_windows;
		to = n_frames * (i + 1) / n_windows;
	}
	heard_to = to + margin < n_frames ? to + margin : n_frames;
	window.kept = from;
	window.n_kept = (int) (to - from);
	window.heard = from > margin ? from - margin : 0;
	window.n_heard = (int) (heard_to - window.heard);
	return window;
}
