package dev.realtime.spring.publisher;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.SynthesizingMethodParameter;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.util.StringUtils;

/** The parameters of a publishing method, as far as placeholders are concerned. */
final class Parameters {

	private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

	private final List<Parameter> all = new ArrayList<>();

	/**
	 * Reads them.
	 * @throws InvalidTopicPublisherException when a placeholder names none of them, or a
	 * variable fills no placeholder
	 */
	Parameters(Declaration declaration) {
		Method method = declaration.method();
		@Nullable String @Nullable [] names = NAMES.getParameterNames(method);
		int count = method.getParameterCount() - (SuspendingFunction.is(method) ? 1 : 0);
		for (int i = 0; i < count; i++) {
			SynthesizingMethodParameter parameter = new SynthesizingMethodParameter(method, i);
			TopicVariable variable = parameter.getParameterAnnotation(TopicVariable.class);
			String name = (names != null) ? names[i] : null;
			if (variable != null && StringUtils.hasText(variable.value())) {
				name = variable.value();
			}
			this.all.add(new Parameter(i, name, variable != null, parameter.hasParameterAnnotation(Payload.class),
					ResolvableType.forMethodParameter(parameter)));
		}
		checkPlaceholders(declaration);
		checkVariables(declaration);
	}

	List<Parameter> all() {
		return this.all;
	}

	/** The parameter of this name, or null when there is none. */
	@Nullable Parameter named(String name) {
		return this.all.stream().filter((parameter) -> name.equals(parameter.name())).findFirst().orElse(null);
	}

	private void checkPlaceholders(Declaration declaration) {
		for (Template.Placeholder placeholder : declaration.placeholders()) {
			if (!placeholder.isPayload() && named(placeholder.root()) == null) {
				boolean unknown = this.all.stream().anyMatch((parameter) -> parameter.name() == null);
				throw declaration.invalid("nothing fills " + placeholder + "; give a parameter that name, "
						+ "annotate one with @TopicVariable(\"" + placeholder.root() + "\"), or use {payload."
						+ placeholder.root() + '}'
						+ (unknown ? " (parameter names are unknown: the code is compiled without -parameters)" : ""));
			}
		}
	}

	private void checkVariables(Declaration declaration) {
		for (Parameter parameter : this.all) {
			if (parameter.variable() && declaration.placeholders()
				.stream()
				.noneMatch((placeholder) -> placeholder.root().equals(parameter.name()))) {
				throw declaration.invalid("@TopicVariable \"" + parameter.name() + "\" fills no placeholder of \""
						+ declaration.message().topic() + '"');
			}
		}
	}

	/**
	 * One parameter.
	 *
	 * @param index its place
	 * @param name the placeholder that it fills, or null when unknown
	 * @param variable whether it is marked as a variable
	 * @param payload whether it is marked as the payload
	 * @param type its declared type
	 */
	record Parameter(int index, @Nullable String name, boolean variable, boolean payload, ResolvableType type) {
	}

}
