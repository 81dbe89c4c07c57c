/** Prices: from the server to everybody, as often as an eye can follow. */
@NullMarked
package dev.realtime.sample.chat.ticker;

import org.jspecify.annotations.NullMarked;
