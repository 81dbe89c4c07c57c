@NullMarked
package dev.realtime.test;

import org.jspecify.annotations.NullMarked;
