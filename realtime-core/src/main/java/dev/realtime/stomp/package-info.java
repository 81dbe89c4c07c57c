/**
 * STOMP 1.2 frames, built as bytes once for everybody who gets them. Imports the root
 * package only.
 * <p>
 * Not API.
 */
@NullMarked
package dev.realtime.stomp;

import org.jspecify.annotations.NullMarked;
