package dev.realtime.spring.netty;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.spring.stream.StreamAnswer;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.local.LocalChannel;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** An exchange that other threads answer. */
class NettyExchangeTests {

	private static final int ROUNDS = 300;

	private final DefaultEventLoop loop = new DefaultEventLoop();

	private final AtomicBoolean over = new AtomicBoolean();

	@AfterEach
	void stop() {
		this.over.set(true);
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
	}

	/** The request is there as soon as the answer is written. The loop never sleeps. */
	@Test
	void theConnectionIsReadyBeforeTheNextRequestIsRead() throws Exception {
		LocalChannel channel = new LocalChannel();
		this.loop.register(channel).sync();
		List<String> steps = new CopyOnWriteArrayList<>();
		channel.pipeline().addLast(new PromptClient(steps));
		this.loop.execute(this::stayAwake);
		for (int i = 0; i < ROUNDS; i++) {
			steps.clear();
			NettyExchange exchange = new NettyExchange(channel, new WriteDeadline(Duration.ofMinutes(1)),
					HttpVersion.HTTP_1_1, true, Map.of(), () -> steps.add("ready"));
			exchange.answer(StreamAnswer.empty(204));
			CountDownLatch done = new CountDownLatch(1);
			while (steps.size() < 2) {
				Thread.onSpinWait();
			}
			this.loop.execute(done::countDown);
			assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(steps).containsExactly("ready", "request");
		}
	}

	private void stayAwake() {
		if (!this.over.get()) {
			this.loop.execute(this::stayAwake);
		}
	}

	/** Sends its next request when it has the answer. */
	private static final class PromptClient extends ChannelOutboundHandlerAdapter {

		private final List<String> steps;

		PromptClient(List<String> steps) {
			this.steps = steps;
		}

		@Override
		public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
			ReferenceCountUtil.release(message);
			promise.setSuccess();
			context.executor().execute(() -> this.steps.add("request"));
		}

	}

}
