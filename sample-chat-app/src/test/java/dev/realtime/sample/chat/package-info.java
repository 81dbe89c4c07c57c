/** Tests of the sample, in one process and in several. */
@NullMarked
package dev.realtime.sample.chat;

import org.jspecify.annotations.NullMarked;
