-- emoser 0.2.0: what is new since 0.1.0.  A fresh 0.2.0 is 0.1.0 and then this script, so that an
-- upgraded database equals a fresh one.
-- complain if script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION emoser UPDATE" to load this file. \quit
