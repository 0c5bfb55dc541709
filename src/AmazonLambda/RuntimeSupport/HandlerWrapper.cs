using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>A handler of any signature, as the one delegate that the bootstrap calls. An input without an output answers with no bytes.</summary>
public class HandlerWrapper : IDisposable
{
    private HandlerWrapper(LambdaBootstrapHandler handler, ILambdaSerializer? serializer)
    {
        Handler = handler;
        Serializer = serializer;
    }

    public LambdaBootstrapHandler Handler { get; }

    internal ILambdaSerializer? Serializer { get; }

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(
        Func<TInput, ILambdaContext, Task<TOutput>> handler, ILambdaSerializer serializer) =>
        new(
            async invocation => Written(
                await handler(serializer.Deserialize<TInput>(invocation.InputStream), invocation.LambdaContext).ConfigureAwait(false), serializer),
            serializer);

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(Func<TInput, Task<TOutput>> handler, ILambdaSerializer serializer) =>
        GetHandlerWrapper<TInput, TOutput>((input, _) => handler(input), serializer);

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(Func<TInput, ILambdaContext, TOutput> handler, ILambdaSerializer serializer) =>
        GetHandlerWrapper<TInput, TOutput>((input, context) => Task.FromResult(handler(input, context)), serializer);

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(Func<TInput, TOutput> handler, ILambdaSerializer serializer) =>
        GetHandlerWrapper<TInput, TOutput>((input, _) => Task.FromResult(handler(input)), serializer);

    public static HandlerWrapper GetHandlerWrapper<TInput>(Func<TInput, ILambdaContext, Task> handler, ILambdaSerializer serializer) =>
        new(
            async invocation =>
            {
                await handler(serializer.Deserialize<TInput>(invocation.InputStream), invocation.LambdaContext).ConfigureAwait(false);
                return Empty();
            },
            serializer);

    public static HandlerWrapper GetHandlerWrapper<TInput>(Func<TInput, Task> handler, ILambdaSerializer serializer) =>
        GetHandlerWrapper<TInput>((input, _) => handler(input), serializer);

    public static HandlerWrapper GetHandlerWrapper<TInput>(Action<TInput, ILambdaContext> handler, ILambdaSerializer serializer) =>
        GetHandlerWrapper<TInput>(
            (input, context) =>
            {
                handler(input, context);
                return Task.CompletedTask;
            },
            serializer);

    public static HandlerWrapper GetHandlerWrapper<TInput>(Action<TInput> handler, ILambdaSerializer serializer) =>
        GetHandlerWrapper<TInput>((input, _) => handler(input), serializer);

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, ILambdaContext, Task<Stream>> handler) =>
        new(
            async invocation => new InvocationResponse(await handler(invocation.InputStream, invocation.LambdaContext).ConfigureAwait(false)), null);

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, Task<Stream>> handler) =>
        GetHandlerWrapper((input, _) => handler(input));

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, ILambdaContext, Stream> handler) =>
        GetHandlerWrapper((input, context) => Task.FromResult(handler(input, context)));

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, Stream> handler) =>
        GetHandlerWrapper((input, _) => Task.FromResult(handler(input)));

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, ILambdaContext, Task> handler) =>
        new(
            async invocation =>
            {
                await handler(invocation.InputStream, invocation.LambdaContext).ConfigureAwait(false);
                return Empty();
            },
            null);

    public static HandlerWrapper GetHandlerWrapper(Action<Stream, ILambdaContext> handler) =>
        GetHandlerWrapper(
            (input, context) =>
            {
                handler(input, context);
                return Task.CompletedTask;
            });

    public void Dispose() => GC.SuppressFinalize(this);

    private static InvocationResponse Empty() => new(Stream.Null);

    private static InvocationResponse Written<TOutput>(TOutput output, ILambdaSerializer serializer)
    {
        var stream = new MemoryStream();
        serializer.Serialize(output, stream);
        stream.Position = 0;
        return new InvocationResponse(stream);
    }
}
