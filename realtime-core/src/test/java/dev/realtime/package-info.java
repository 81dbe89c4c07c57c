@NullMarked
package dev.realtime;

import org.jspecify.annotations.NullMarked;
