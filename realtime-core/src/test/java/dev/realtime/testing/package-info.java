/** What tests of all modules share: a real Redis, wherever it comes from. */
@NullMarked
package dev.realtime.testing;

import org.jspecify.annotations.NullMarked;
