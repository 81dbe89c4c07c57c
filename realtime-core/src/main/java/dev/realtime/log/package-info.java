/**
 * Where a topic's messages are kept and read back in order. Imports the root package
 * only.
 */
@NullMarked
package dev.realtime.log;

import org.jspecify.annotations.NullMarked;
