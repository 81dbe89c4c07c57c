@NullMarked
package dev.realtime.occupancy;

import org.jspecify.annotations.NullMarked;
