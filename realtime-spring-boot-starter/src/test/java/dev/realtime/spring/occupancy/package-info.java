@NullMarked
package dev.realtime.spring.occupancy;

import org.jspecify.annotations.NullMarked;
