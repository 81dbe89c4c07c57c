/** Tests of Web Push. */
@NullMarked
package dev.realtime.sample.chat.push;

import org.jspecify.annotations.NullMarked;
