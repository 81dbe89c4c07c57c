/** What carries messages between nodes. Imports the root package only. */
@NullMarked
package dev.realtime.relay;

import org.jspecify.annotations.NullMarked;
