@NullMarked
package dev.realtime.partition;

import org.jspecify.annotations.NullMarked;
