@NullMarked
package dev.realtime.isolation;

import org.jspecify.annotations.NullMarked;
