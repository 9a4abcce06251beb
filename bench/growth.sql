-- What bench/growth runs at each number of rows: a name, then a statement. The table grown has speaker, emotion and features;
-- what the statements leave is dropped with it.

-- exact profile of all rows
SELECT (emoser_profile(features)).count FROM grown;

-- predict by name
SELECT count(emoser_predict_features(features, 'emodb')) FROM grown;

-- predict with profiles
SELECT count(emoser_predict_features(features, 'emodb', profile))
FROM grown JOIN (SELECT speaker, emoser_profile(features) AS profile FROM grown GROUP BY speaker) AS p USING (speaker);

-- train lda, profile head
CALL emoser_train('grown', 'grown', 'lda', '{"quiet": true}');

-- evaluate a model
SELECT * FROM emoser_evaluate('grown', 'emodb');

-- cross-validate, 10 folds of speakers
SELECT * FROM emoser_cross_validate('grown', protocol => 'speakers', k => 10);

-- grid of 6, 10 folds of speakers
CALL emoser_grid_search('grown', 'lda', '{"shrinkage": [0.3, 0.6, 0.8], "priors": ["equal", "empirical"]}', protocol => 'speakers', k => 10);

-- picture of all rows
SELECT length(emoser_plot_space('grown'));
