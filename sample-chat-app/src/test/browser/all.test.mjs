/* One after the other; the last one kills a node. */
import './talk.test.mjs';
import './pages.test.mjs';
import './push.test.mjs';
import './network.test.mjs';
import './killed.test.mjs';
