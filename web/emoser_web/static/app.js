import {begin as beginChoosing} from "./choose.js";
import {askAgain, begin as beginListening, onRecording} from "./listen.js";
import * as models from "./models.js";
import * as train from "./train.js";

onRecording(models.recordingChanged);
train.onTrained(() => models.load());
models.begin();
beginListening();
beginChoosing();
train.begin(name => models.load(name).then(askAgain));
