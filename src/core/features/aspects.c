/*
 * aspects.c
 *	  The utterance features in words of the voice: pitch, loudness, rhythm and so on.
 */
#include "core/features/aspects.h"

enum
{
	PITCH,
	VOICE,
	LOUDNESS,
	SOUND,
	LIVELINESS,
	ARTICULATION,
	RHYTHM,
	PAUSES,
	ENDING
};

const EmoVoiceGroup emo_voice_groups[EMO_N_VOICE_GROUPS] = {
	[PITCH] = {"pitch", "pitch"},
	[VOICE] = {"voice", "voice"},
	[LOUDNESS] = {"loudness", "loudness"},
	[SOUND] = {"sound", "sound"},
	[LIVELINESS] = {"liveliness", "speech"},
	[ARTICULATION] = {"articulation", "articulation"},
	[RHYTHM] = {"rhythm", "rhythm"},
	[PAUSES] = {"pauses", "pauses"},
	[ENDING] = {"ending", "end of the utterance"},
};

/* Functionals that say how high a contour is, and not how it moves. */
#define LEVELS(contour) contour "mean", contour "p[1-9][0-5]"

/*
 * A feature belongs to the first aspect that one of its patterns fits; the last fits all.
 *
 * MFCC by what they are about: mfcc_0 is the loudness, mfcc_1 the balance of dark and bright, 2 to 5
 * the vowels, 6 to 9 the timbre.  From mfcc_10 on they are ripples of the mel spectrum a few bands
 * apart, which are the harmonics of a high voice: over EmoDB, their deviations correlate with the mean
 * of F0 by 0.5 to 0.9, those of mfcc_2 to mfcc_9 by 0.2 on average.
 */
const EmoVoiceAspect emo_voice_aspects[EMO_N_VOICE_ASPECTS] = {
	{ENDING, {"f0.third_*", "voiced.share.third_*"}, "f0.third_3", "higher", "lower"},
	{ENDING, {"energy.third_*"}, "energy.third_3", "louder", "softer"},
	{ENDING, {"*.third_*"}, "centroid.third_3", "brighter", "darker"},

	{PAUSES, {"pause.m*", "active.share"}, "pause.mean", "longer", "shorter"},
	{PAUSES, {"pauses_per_second"}, "pauses_per_second", "more frequent", "rarer"},

	{PITCH,
	 {"f0.delta.*", "f0.modulation_*", "f0.run_slope.*"},
	 "f0.delta.sd",
	 "moving faster",
	 "moving slower"},

	{RHYTHM, {"voiced.run*", "voic*.modulation_*"}, "voiced.runs_per_second", "faster", "slower"},
	{RHYTHM,
	 {"mfcc_0.modulation_*", "energy.modulation_*"},
	 "energy.modulation_3_4.5_hz",
	 "more marked",
	 "less marked"},
	{RHYTHM,
	 {"*.modulation_6.5_*", "*.modulation_9_*", "*.modulation_13_*", "*.modulation_20_*"},
	 "mfcc_[2-9].modulation_9_13_hz",
	 "hastier",
	 "steadier"},
	{RHYTHM,
	 {"*.modulation_*"},
	 "mfcc_[2-9].modulation_3_4.5_hz",
	 "with clearer syllables",
	 "with blurred syllables"},

	{VOICE,
	 {"f0.run_roughness.*", "jitter.*", "shimmer.*"},
	 "f0.run_roughness.mean",
	 "rougher",
	 "smoother"},
	{VOICE, {"voicing.*", "hnr.*", "cepstral_peak.*"}, "voicing.mean", "clearer", "breathier"},
	{VOICE, {"h1_*", "slope_*", "hammarberg.*"}, "h1_a3.mean", "more relaxed", "more pressed"},
	{VOICE, {"voiced.*"}, "voiced.share", "more voiced", "less voiced"},

	{PITCH,
	 {LEVELS("f0."), "f0.min", "f0.max", "f0.run_level.m*", "mfcc_1[0-9].*"},
	 "f0.mean",
	 "higher",
	 "lower"},
	{PITCH, {"f0.*"}, "f0.sd", "more varied", "flatter"},

	{LOUDNESS, {"loudness.level_*"}, "loudness.level_mean", "louder", "softer"},
	{LOUDNESS,
	 {"energy.delta.*", "mfcc_0.delta*", "loudness.rise.*", "loudness.fall.*", "loudness.peaks_*"},
	 "energy.delta.sd",
	 "changing faster",
	 "changing slower"},
	{LOUDNESS,
	 {"energy.*", "mfcc_0.*", "loudness.*", "voiced_loudness.*"},
	 "energy.sd",
	 "more varied",
	 "more even"},

	{LIVELINESS, {"flux.*"}, "flux.mean", "livelier", "calmer"},
	{LIVELINESS,
	 {"mfcc_[2-5].delta*", "low_band.delta.*", "middle_band.delta.*"},
	 "mfcc_[2-5].delta.sd",
	 "faster in vowels",
	 "slower in vowels"},
	{LIVELINESS,
	 {"mfcc_[6-9].delta*"},
	 "mfcc_[6-9].delta.sd",
	 "faster in timbre",
	 "slower in timbre"},
	{LIVELINESS, {"*.delta*"}, "mfcc_1.delta.sd", "faster in brightness", "slower in brightness"},

	{ARTICULATION, {"f[1-3].*", "f[1-3]_*"}, "f1.mean", "more open", "more closed"},

	{SOUND,
	 {LEVELS("middle_band."), LEVELS("mfcc_[2-5].")},
	 "middle_band.mean",
	 "sharper",
	 "duller"},
	{SOUND, {LEVELS("low_band."), LEVELS("mfcc_[6-9].")}, "low_band.mean", "fuller", "thinner"},
	{SOUND, {LEVELS("*.")}, "centroid.mean", "brighter", "darker"},

	{ARTICULATION,
	 {"mfcc_[2-9].*", "low_band.*", "middle_band.*"},
	 "mfcc_[2-9].sd",
	 "more distinct",
	 "less distinct"},
	{ARTICULATION, {"*"}, "mfcc_1.sd", "with more contrast", "with less contrast"},
};

/*
 * Patterns as of the shell: * for any characters, [a-b] for one of a range.  fnmatch() looks at the
 * locale, which takes ten times as long, and 1528 features have some 50 patterns each.
 */
static bool
matches(const char *pattern, const char *name)
{
	for (; *pattern != '\0'; pattern++, name++)
	{
		if (*pattern == '*')
		{
			for (; *name != '\0'; name++)
				if (matches(pattern + 1, name))
					return true;
			return pattern[1] == '\0';
		}
		if (*pattern == '[')
		{
			if (*name < pattern[1] || *name > pattern[3])
				return false;
			pattern += 4;
		}
		else if (*pattern != *name)
			return false;
	}
	return *name == '\0';
}

int
emo_voice_aspect_of(const char *feature_name)
{
	for (int a = 0; a < EMO_N_VOICE_ASPECTS - 1; a++)
		for (const char *const *member = emo_voice_aspects[a].members; *member != NULL; member++)
			if (matches(*member, feature_name))
				return a;
	return EMO_N_VOICE_ASPECTS - 1;
}

bool
emo_measures_voice_aspect(int aspect, const char *feature_name)
{
	return matches(emo_voice_aspects[aspect].measure, feature_name);
}
