import * as batch from "./batch.js";
import {begin as beginChoosing} from "./choose.js";
import * as corrected from "./corrected.js";
import * as corrections from "./corrections.js";
import * as examples from "./examples.js";
import {askAgain, begin as beginListening, listenTo, onRecording} from "./listen.js";
import * as models from "./models.js";
import * as train from "./train.js";

onRecording(models.recordingChanged);
train.onTrained(() => models.load());
models.begin();
beginListening();
beginChoosing();
examples.begin();
batch.begin(listenTo);
corrections.begin();
corrected.begin();
train.begin(name => models.load(name).then(askAgain));
