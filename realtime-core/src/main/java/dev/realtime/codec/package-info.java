/**
 * The bytes of messages and signals, in logs and on the way between nodes. Imports the
 * root package only.
 */
@NullMarked
package dev.realtime.codec;

import org.jspecify.annotations.NullMarked;
