/*
 * bytes_test.c
 *	  Numbers to bytes and back, checksums and UTF-8 against the standards' examples.
 */
#include "unit.h"

#include "core/base/bytes.h"

static void
write_all(EmoWriter *writer)
{
	static const float floats[] = {1, -0.5f, 1e-40f};

	emo_write_u8(writer, 0xFE);
	emo_write_u32(writer, 0x01020304);
	emo_write_u64(writer, UINT64_C(0x1112131415161718));
	emo_write_double(writer, -2.5);
	emo_write_floats(writer, floats, 3);
	emo_write_padded(writer, "lda", 8);
	emo_write_padded(writer, "much too long", 4);
	emo_write_bytes(writer, "xyz", 3);
}

/* Counting and writing agree, nothing is written past the end, and reading gives all back. */
static void
test_there_and_back(EmoEnv *env)
{
	uint8_t bytes[64];
	EmoWriter counter = {NULL, 0}, writer = {bytes, 0};
	EmoReader reader = {bytes, 0, false};
	float floats[3];

	(void) env;
	memset(bytes, 0xAA, sizeof(bytes));
	write_all(&counter);
	write_all(&writer);
	CHECK(counter.n == 48 && writer.n == 48 && bytes[48] == 0xAA);
	CHECK(bytes[1] == 4 && bytes[4] == 1 && bytes[5] == 0x18 && bytes[12] == 0x11);
	reader.n_left = writer.n;
	CHECK(emo_read_u8(&reader) == 0xFE);
	CHECK(emo_read_u32(&reader) == 0x01020304);
	CHECK(emo_read_u64(&reader) == UINT64_C(0x1112131415161718));
	CHECK(emo_read_double(&reader) == -2.5);
	emo_read_floats(&reader, floats, 3);
	CHECK(floats[0] == 1 && floats[1] == -0.5f && floats[2] == 1e-40f);
	CHECK(memcmp(emo_read_bytes(&reader, 8), "lda\0\0\0\0\0", 8) == 0);
	CHECK(memcmp(emo_read_bytes(&reader, 4), "muc\0", 4) == 0);
	CHECK(memcmp(emo_read_bytes(&reader, 3), "xyz", 3) == 0 && !reader.ended);
}

/* Past the end there are zeros, and a word of it. */
static void
test_end(EmoEnv *env)
{
	static const uint8_t bytes[] = {1, 2, 3, 4, 5};
	EmoReader reader = {bytes, sizeof(bytes), false};
	float floats[2] = {7, 7};

	(void) env;
	emo_read_floats(&reader, floats, 2);
	CHECK(reader.ended && floats[0] == 0 && floats[1] == 0 && reader.n_left == 5);
	reader.ended = false;
	CHECK(emo_read_u32(&reader) == 0x04030201 && !reader.ended);
	CHECK(emo_read_u32(&reader) == 0 && reader.ended && reader.n_left == 1);
	CHECK(emo_read_bytes(&reader, 2) == NULL && emo_read_u8(&reader) == 5);
}

static void
test_orders(EmoEnv *env)
{
	static const uint8_t bytes[] = {0xF1, 2, 3, 4, 5, 6, 7, 8};
	uint8_t back[8];

	(void) env;
	CHECK(emo_get_little_endian(bytes, 3) == 0x0302F1);
	CHECK(emo_get_big_endian(bytes, 3) == 0xF10203);
	CHECK(emo_get_big_endian(bytes, 8) == UINT64_C(0xF102030405060708));
	emo_put_big_endian(back, 8, emo_get_big_endian(bytes, 8));
	CHECK(memcmp(back, bytes, 8) == 0);
	emo_put_little_endian(back, 8, emo_get_little_endian(bytes, 8));
	CHECK(memcmp(back, bytes, 8) == 0);
}

/* RFC 3720, appendix B.4: 32 zeros, 32 ones, 0 .. 31. */
static void
test_crc32c(EmoEnv *env)
{
	uint8_t bytes[32] = {0};

	(void) env;
	CHECK(emo_crc32c(bytes, 32) == 0x8A9136AA);
	memset(bytes, 0xFF, 32);
	CHECK(emo_crc32c(bytes, 32) == 0x62A8AB43);
	for (int i = 0; i < 32; i++)
		bytes[i] = (uint8_t) i;
	CHECK(emo_crc32c(bytes, 32) == 0x46DD794E);
}

static void
test_utf8(EmoEnv *env)
{
	static const char *const good[] = {
		"", "a", "Wut", "\xC3\x9C", "\xE2\x82\xAC", "\xF0\x9F\x98\xA0"};
	static const char *const bad[] = {"\x80",         "\xC3",         "\xC0\xAF",
									  "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
									  "\xFF",         "\xC3("};

	(void) env;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CHECK(emo_is_utf8(good[i], strlen(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!emo_is_utf8(bad[i], strlen(bad[i])));
	CHECK(!emo_is_utf8("a\0b", 3));
}

int
main(void)
{
	RUN(test_there_and_back);
	RUN(test_end);
	RUN(test_orders);
	RUN(test_crc32c);
	RUN(test_utf8);
	return unit_finish();
}
