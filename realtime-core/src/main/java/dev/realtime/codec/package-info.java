/**
 * The bytes of messages and signals, in logs and on the way between nodes. Imports the
 * root package only.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.codec;

import org.jspecify.annotations.NullMarked;
