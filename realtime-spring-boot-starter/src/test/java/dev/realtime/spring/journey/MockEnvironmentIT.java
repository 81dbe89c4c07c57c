package dev.realtime.spring.journey;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

/** An application's own test, in the web environment that is the default: no server. */
@SpringBootTest(classes = ChatNode.class, properties = "realtime.broker=memory")
class MockEnvironmentIT {

	@Autowired
	private RealtimePublisher publisher;

	@Autowired
	private WebApplicationContext context;

	@Test
	void rule11_publishesAndReadsWithoutAWebServer() throws Exception {
		this.publisher.publishAndWait(Publication.of(Topic.of("room.mock"), Content.text("hello")));
		MockMvc mvc = MockMvcBuilders.webAppContextSetup(this.context).build();
		MvcResult result = mvc.perform(get("/realtime/topics/room.mock/messages")).andReturn();
		assertThat(result.getResponse().getStatus()).isEqualTo(200);
		assertThat(result.getResponse().getContentAsString()).contains("hello");
	}

}
