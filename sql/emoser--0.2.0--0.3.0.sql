-- emoser 0.3.0: what is new since 0.2.0.
-- complain if script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION emoser UPDATE" to load this file. \quit

-- pictures of recordings

CREATE FUNCTION emoser_plot_waveform(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_waveform'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_waveform(bytea, text, integer) IS
'SVG picture of a recording: the waveform. NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and NULL); invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_mel(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_mel'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_mel(bytea, text, integer) IS
'SVG picture of a recording: the mel spectrogram (64 bands to 8 kHz, levels in dB down to 80 below the loudest). NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and NULL); invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_mfcc(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_mfcc'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_mfcc(bytea, text, integer) IS
'SVG picture of a recording: 13 mel-frequency cepstral coefficients over time, each in deviations from its mean over the recording. NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and NULL); invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_pitch(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_pitch'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_pitch(bytea, text, integer) IS
'SVG picture of a recording: F0 (fundamental frequency) where the voice is voiced. NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and NULL); invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_recording(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_recording'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_recording(bytea, text, integer) IS
'SVG picture of a recording: waveform, mel spectrogram, MFCC and F0, over one time axis. NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and NULL); invalid_parameter_value for another width.';

-- pictures where SVG is not shown

CREATE FUNCTION emoser_svg_to_png(
    svg text,
    width integer DEFAULT 1200)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_svg_to_png'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION emoser_svg_to_png(text, integer) IS
'an SVG picture as PNG, width pixels wide (16 to 4096), on white, drawn by librsvg with the fonts of the server. Nothing that the SVG refers to elsewhere is loaded. It is drawn in a process of its own, which may take 20 s and 1 GB.
Errors: invalid_parameter_value for another width; data_exception for what is not SVG; program_limit_exceeded for more than 16 MB of SVG or 33 million pixels, or more time or memory; undefined_object if librsvg 2.52 or later is not installed on the server.';
