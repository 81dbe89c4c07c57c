package dev.realtime.spring.compat;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Through the servlet container's own WebSocket. */
class FramePackingIT extends FramePackingContract {

	FramePackingIT() {
		super("realtime.servlet.transport=standard");
	}

	@Test
	void framesArePackedForAClientThatAnnouncedIt() {
		assertThat(packs(node(), "realtime:1\n")).isTrue();
	}

	@Test
	void thePropertyPacksFramesForEveryClient() {
		try (ConfigurableApplicationContext always = PlainNode
			.start(List.of("realtime.queue.packing=always", "realtime.servlet.transport=standard"))) {
			assertThat(packs(always, "")).isTrue();
			assertThat(packs(always, "single-frames:1\n")).isFalse();
		}
	}

}
