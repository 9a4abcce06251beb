/*
 * mpeg_test.c
 *	  MPEG audio: as libsndfile decodes it where that hears all of it, and whole where it doesn't.
 */
#include "unit.h"

#include "output.h"
#include "recordings.h"

#include "core/audio/file.h"
#include "core/audio/info.h"

/* Of an MPEG 1 frame; MPEG 2 and 2.5 frames have half. */
#define FRAME_SAMPLES 1152

static Recording
mp3_of_sine(int sample_rate, int n_channels, sf_count_t n_frames)
{
	return recording_of_sine(FORMAT_MP3, sample_rate, n_channels, 440, 0.5, n_frames);
}

/* Frames that differ from those of libsndfile, which reads the file into expected. */
static int64_t
count_differences(EmoEnv *env, Recording *recording)
{
	SF_VIRTUAL_IO io = {recording_length, recording_seek, recording_read, recording_write,
						recording_tell};
	SF_INFO info = {0};
	EmoAudioFile file;
	static float expected[65536], samples[65536];
	int64_t n_different = 0, n_expected, n_read;

	recording->position = 0;
	SNDFILE *handle = sf_open_virtual(&io, SFM_READ, &info, recording);

	CHECK(emo_audio_file_open(env, recording->bytes, recording->n_bytes, &emo_audio_default_limits,
							  &file) == EMO_OK);
	CHECK(file.stream.n_channels == info.channels && file.stream.sample_rate == info.samplerate);
	CHECK(file.stream.announced_frames == info.frames);
	do
	{
		n_expected = sf_readf_float(handle, expected, 1000);
		CHECK(emo_audio_file_read(&file, samples, 1000, &n_read) == EMO_OK);
		CHECK(n_read == n_expected);
		n_different +=
			memcmp(samples, expected, n_read * info.channels * sizeof(float)) == 0 ? 0 : 1;
	} while (n_read > 0 && n_read == n_expected);
	CHECK(!file.stream.truncated);
	emo_audio_file_close(&file);
	sf_close(handle);
	return n_different;
}

static void
test_samples_of_libsndfile(EmoEnv *env)
{
	static const int rates[] = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};

	for (int i = 0; i < 9; i++)
		for (int n_channels = 1; n_channels <= 2; n_channels++)
		{
			Recording recording = mp3_of_sine(rates[i], n_channels, 3 * rates[i] + 77);

			CHECK(count_differences(env, &recording) == 0);
			recording_free(&recording);
		}
}

static void
join(Recording *recording, const void *bytes, size_t n_bytes)
{
	recording->position = recording->n_bytes;
	recording_write(bytes, n_bytes, recording);
}

/* Bytes of the frame at the beginning, of layer III of MPEG 1 as LAME writes it. */
static size_t
first_frame_bytes(const Recording *recording)
{
	static const int kbit[] = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
	static const int rates[] = {44100, 48000, 32000};
	const unsigned char *frame = recording->bytes;

	return 144000 * kbit[frame[2] >> 4] / rates[frame[2] >> 2 & 3] + (frame[2] >> 1 & 1);
}

/* Without the tag that counts frames, whose place is that of a first frame. */
static void
drop_first_frame(Recording *recording)
{
	size_t length = first_frame_bytes(recording);

	recording->n_bytes -= length;
	memmove(recording->bytes, recording->bytes + length, recording->n_bytes);
}

static Recording
plain_mp3(int n_channels, sf_count_t n_frames)
{
	Recording recording = mp3_of_sine(32000, n_channels, n_frames);
	/* The tag with texts, of which LAME writes a short one. */
	size_t n_tag = memcmp(recording.bytes, "ID3", 3) == 0
					   ? 10 + (recording.bytes[8] << 7) + recording.bytes[9]
					   : 0;

	recording.n_bytes -= n_tag;
	memmove(recording.bytes, recording.bytes + n_tag, recording.n_bytes);
	return recording;
}

/* One second of silence, in the smallest frames, before three of sound in large ones. */
static void
test_bit_rate_that_rises(EmoEnv *env)
{
	Recording loud = plain_mp3(1, 96000);
	EmoAudio audio;
	unsigned char silent_frame[144 * 32000 / 32000] = {0xff, 0xfb, 0x18, 0xc0};
	Recording recording = {NULL, 0, 0, 0};

	drop_first_frame(&loud);
	for (int i = 0; i < 30; i++)
		join(&recording, silent_frame, sizeof(silent_frame));
	join(&recording, loud.bytes, loud.n_bytes);
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(!audio.truncated);
	CHECK_NEAR((double) audio.n_samples, 30 * FRAME_SAMPLES + 96000, 4 * FRAME_SAMPLES);
	CHECK_NEAR(audio.samples[20 * FRAME_SAMPLES], 0, 1e-6);
	recording_free(&loud);
	recording_free(&recording);
}

static void
test_joined(EmoEnv *env)
{
	Recording recording = plain_mp3(1, 96000), second = plain_mp3(1, 64000);
	EmoAudio audio;

	join(&recording, second.bytes, second.n_bytes);
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(!audio.truncated);
	CHECK_NEAR((double) audio.n_samples, 96000 + 64000, 4 * FRAME_SAMPLES);
	CHECK_NEAR(tone_level_db(&audio, 440), -6.02, 1.5);
	recording_free(&recording);
	recording_free(&second);
}

/* The second half is in stereo, which nobody can append to mono. */
static void
test_joined_with_another_format(EmoEnv *env)
{
	Recording recording = plain_mp3(1, 96000), second = plain_mp3(2, 64000);
	Recording third = plain_mp3(1, 32000);
	EmoAudio audio;

	join(&recording, second.bytes, second.n_bytes);
	join(&recording, third.bytes, third.n_bytes);
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(audio.truncated);
	CHECK_NEAR((double) audio.n_samples, 96000 + 32000, 4 * FRAME_SAMPLES);
	recording_free(&recording);
	recording_free(&second);
	recording_free(&third);
}

static void
test_junk_between(EmoEnv *env)
{
	Recording recording = plain_mp3(1, 96000), second = plain_mp3(1, 64000);
	unsigned char junk[20000];
	uint32_t state = 1;
	EmoAudio audio;

	for (size_t i = 0; i < sizeof(junk); i++)
		junk[i] = ((state = state * 1664525 + 1013904223) >> 24) & 0x7f;
	join(&recording, junk, sizeof(junk));
	join(&recording, second.bytes, second.n_bytes);
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(!audio.truncated);
	CHECK_NEAR((double) audio.n_samples, 96000 + 64000, 4 * FRAME_SAMPLES);
	recording_free(&recording);
	recording_free(&second);
}

/* Nothing counts the frames here, but the last one shows that more was to come. */
static void
test_cut_in_a_frame(EmoEnv *env)
{
	Recording recording = plain_mp3(1, 96000);
	EmoAudio audio;

	drop_first_frame(&recording);
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(!audio.truncated);
	recording.n_bytes -= 128 + 30; /* the tag at the end, too */
	CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(audio.truncated && audio.n_samples > 90000);
	recording_free(&recording);
}

/* A first frame of the lowest bit rate makes a guess of the length wrong by ten. */
static void
test_limit_by_what_is_there(EmoEnv *env)
{
	const EmoAudioLimits limits = {.max_duration_s = 5, .max_channels = 2};
	unsigned char silent_frame[144] = {0xff, 0xfb, 0x18, 0xc0};
	Recording loud = plain_mp3(1, 96000), recording = {NULL, 0, 0, 0};
	EmoAudio audio;

	join(&recording, silent_frame, sizeof(silent_frame));
	join(&recording, silent_frame, sizeof(silent_frame));
	drop_first_frame(&loud);
	join(&recording, loud.bytes, loud.n_bytes);
	CHECK(emo_audio_decode(env, recording.bytes, recording.n_bytes, 0, EMO_MIXED, &limits,
						   &audio) == EMO_OK);
	for (int i = 0; i < 3; i++)
		join(&recording, loud.bytes, loud.n_bytes);
	CHECK(emo_audio_decode(env, recording.bytes, recording.n_bytes, 0, EMO_MIXED, &limits,
						   &audio) == EMO_REFUSED);
	recording_free(&loud);
	recording_free(&recording);
}

static Recording
after_tag(const char *tag, size_t n_tag, const Recording *recording)
{
	Recording tagged = {NULL, 0, 0, 0};

	join(&tagged, tag, n_tag);
	join(&tagged, recording->bytes, recording->n_bytes);
	return tagged;
}

/* Padding that the tag doesn't count is usual. */
static void
test_tag_and_padding(EmoEnv *env)
{
	static const char tag[10 + 20 + 3000] = "ID3\3\0\0\0\0\0\x14";
	Recording plain = plain_mp3(1, 32000), tagged = after_tag(tag, sizeof(tag), &plain);
	EmoAudio audio;

	CHECK(recording_decode(env, &tagged, 0, &audio) == EMO_OK);
	CHECK(audio.n_samples == 32000 && !audio.truncated);
	tagged.n_bytes = sizeof(tag);
	CHECK(recording_decode(env, &tagged, 0, &audio) == EMO_BAD_DATA);
	tagged.n_bytes = 15;
	CHECK(recording_decode(env, &tagged, 0, &audio) == EMO_BAD_DATA);
	recording_free(&plain);
	recording_free(&tagged);
}

/* Programs put such tags before anything, and what follows them is checked as what it is. */
static void
test_tag_before_others(EmoEnv *env)
{
	static const char tag[10 + 20] = "ID3\3\0\0\0\0\0\x14";
	static const int formats[] = {WAV_PCM16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
								  SF_FORMAT_OGG | SF_FORMAT_VORBIS};

	for (int i = 0; i < 3; i++)
	{
		Recording plain = recording_of_sine(formats[i], 16000, 1, 440, 0.5, 400000);
		Recording tagged = after_tag(tag, sizeof(tag), &plain);
		EmoAudio audio;

		CHECK(recording_decode(env, &tagged, 0, &audio) == EMO_OK);
		CHECK(audio.n_samples == 400000 && !audio.truncated);
		tagged.n_bytes = tagged.n_bytes * 3 / 4;
		CHECK(recording_decode(env, &tagged, 0, &audio) == EMO_OK);
		CHECK(audio.truncated);
		recording_free(&plain);
		recording_free(&tagged);
	}
}

/* Ten bytes of a tag made libmpg123 write a hundred to the log. */
static void
test_no_remarks(EmoEnv *env)
{
	static const char tag[10] = "ID3\3\0\0\0\0\0\0";
	Recording recording = plain_mp3(1, 32000), second = plain_mp3(2, 32000);
	Output caught;
	EmoAudio audio;
	EmoStatus status;

	for (int i = 0; i < 10000; i++)
		join(&recording, tag, sizeof(tag));
	join(&recording, "junk", 4);
	join(&recording, second.bytes, second.n_bytes);
	join(&recording, "TAG", 3);
	caught = output_catch(STDERR_FILENO);
	status = recording_decode(env, &recording, 0, &audio);
	CHECK(output_release(caught) == 0);
	CHECK(status == EMO_OK);
	recording_free(&recording);
	recording_free(&second);
}

int
main(void)
{
	Recording probe = mp3_of_sine(32000, 1, 32000);

	if (probe.bytes == NULL)
		printf("skipped: this libsndfile does not write MP3\n");
	else
	{
		RUN(test_samples_of_libsndfile);
		RUN(test_bit_rate_that_rises);
		RUN(test_joined);
		RUN(test_joined_with_another_format);
		RUN(test_junk_between);
		RUN(test_cut_in_a_frame);
		RUN(test_limit_by_what_is_there);
		RUN(test_tag_and_padding);
		RUN(test_tag_before_others);
		RUN(test_no_remarks);
	}
	recording_free(&probe);
	unit_passed++;
	return unit_finish();
}
