@NullMarked
package dev.realtime.test.guide;

import org.jspecify.annotations.NullMarked;
