-- emoser: speech emotion recognition inside PostgreSQL.
-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION emoser" to load this file. \quit
