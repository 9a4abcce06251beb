-- Without copies of recordings, so that figures are there soon.
SELECT emoser_add_features_column('emodb', generated_from => 'audio');
