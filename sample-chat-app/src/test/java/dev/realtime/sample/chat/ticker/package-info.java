/** Tests of the ticker. */
@NullMarked
package dev.realtime.sample.chat.ticker;

import org.jspecify.annotations.NullMarked;
