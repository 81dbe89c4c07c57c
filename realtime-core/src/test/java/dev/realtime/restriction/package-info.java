/** The contract of stores of restrictions, and the one in memory. */
@NullMarked
package dev.realtime.restriction;

import org.jspecify.annotations.NullMarked;
