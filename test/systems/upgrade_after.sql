-- Models are trained again from their sources and compared; then a new one comes and goes.
DO $$
BEGIN
    ASSERT (SELECT data_same AND options_same AND weights_same FROM emoser_verify_model('linear')), 'linear has other bits';
    ASSERT (SELECT data_same AND options_same AND weights_same FROM emoser_verify_model('net@2')), 'net@2 has other bits';
END
$$;
CALL emoser_train('recordings', 'later', options => '{"quiet": true, "augment": false}');
DO $$
BEGIN
    PERFORM emoser_deploy('linear@1'), emoser_drop_model('later');
    ASSERT NOT EXISTS (SELECT FROM emoser_models WHERE name = 'later'), 'later is still there';
END
$$;
