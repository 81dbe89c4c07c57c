import './network.test.mjs';
