CREATE VIEW my_recordings AS SELECT file_name, speaker, emotion, audio FROM emodb;
