using System.Text;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;

namespace CacheBackup.AmazonLambda.Tests.RuntimeSupport;

public sealed class LambdaBootstrapBuilderTests
{
    private const string Event = """{"Name":"tea","Count":2}""";

    private static readonly ILambdaSerializer Json = RunningFunction.Serializer;

    public static TheoryData<string> Signatures => [.. All.Keys];

    // Each says what it was given: for handlers without an output by the context's logger being there, for others by the response.
    private static Dictionary<string, (Func<List<string>, LambdaBootstrapBuilder> Make, string Response)> All => new()
    {
        ["input, context → task of output"] = (
            seen => LambdaBootstrapBuilder.Create<Order, Receipt>((order, context) => Task.FromResult(Sold(seen, order, context)), Json), """{"Text":"tea"}"""),
        ["input → task of output"] = (
            seen => LambdaBootstrapBuilder.Create((Func<Order, Task<Receipt>>)(order => Task.FromResult(Sold(seen, order, null))), Json), """{"Text":"tea"}"""),
        ["input, context → output"] = (
            seen => LambdaBootstrapBuilder.Create((Func<Order, ILambdaContext, Receipt>)((order, context) => Sold(seen, order, context)), Json), """{"Text":"tea"}"""),
        ["input → output"] = (
            seen => LambdaBootstrapBuilder.Create((Func<Order, Receipt>)(order => Sold(seen, order, null)), Json), """{"Text":"tea"}"""),
        ["input, context → task"] = (
            seen => LambdaBootstrapBuilder.Create((Func<Order, ILambdaContext, Task>)((order, context) => Task.FromResult(Sold(seen, order, context))), Json), string.Empty),
        ["input → task"] = (
            seen => LambdaBootstrapBuilder.Create((Func<Order, Task>)(order => Task.FromResult(Sold(seen, order, null))), Json), string.Empty),
        ["input, context → nothing"] = (
            seen => LambdaBootstrapBuilder.Create((Action<Order, ILambdaContext>)((order, context) => Sold(seen, order, context)), Json), string.Empty),
        ["input → nothing"] = (
            seen => LambdaBootstrapBuilder.Create((Action<Order>)(order => Sold(seen, order, null)), Json), string.Empty),
        ["stream, context → task of stream"] = (
            seen => LambdaBootstrapBuilder.Create((Func<Stream, ILambdaContext, Task<Stream>>)((input, _) => Task.FromResult<Stream>(Echo(seen, input)))), Event),
        ["stream → task of stream"] = (
            seen => LambdaBootstrapBuilder.Create((Func<Stream, Task<Stream>>)(input => Task.FromResult<Stream>(Echo(seen, input)))), Event),
        ["stream, context → stream"] = (
            seen => LambdaBootstrapBuilder.Create((Func<Stream, ILambdaContext, Stream>)((input, _) => Echo(seen, input))), Event),
        ["stream → stream"] = (
            seen => LambdaBootstrapBuilder.Create((Func<Stream, Stream>)(input => Echo(seen, input))), Event),
        ["stream, context → task"] = (
            seen => LambdaBootstrapBuilder.Create((Func<Stream, ILambdaContext, Task>)((input, _) => Task.FromResult(Echo(seen, input)))), string.Empty),
        ["stream, context → nothing"] = (
            seen => LambdaBootstrapBuilder.Create((Action<Stream, ILambdaContext>)((input, _) => Echo(seen, input))), string.Empty),
    };

    [Theory]
    [MemberData(nameof(Signatures))]
    public async Task Handler_of_each_signature_gets_the_event_and_its_output_is_the_response(string signature)
    {
        await using var api = await RuntimeApiServer.StartAsync();
        var (make, response) = All[signature];
        var seen = new List<string>();
        await using var function = RunningFunction.Start(api, make(seen));

        var first = await api.InvokeAsync(Event, "a");
        var second = await api.InvokeAsync(Event, "b");

        Assert.Equal(["tea", "tea"], seen);
        Assert.Equal(("response", response), (first.Kind, first.Text));
        Assert.Equal(("response", response), (second.Kind, second.Text));
    }

    private static Receipt Sold(List<string> seen, Order order, ILambdaContext? context)
    {
        Assert.True(context is null || context.AwsRequestId.Length > 0);
        seen.Add(order.Name);
        return new Receipt(order.Name);
    }

    private static MemoryStream Echo(List<string> seen, Stream input)
    {
        using var reader = new StreamReader(input);
        var text = reader.ReadToEnd();
        seen.Add(RunningFunction.Serializer.Deserialize<Order>(new MemoryStream(Encoding.UTF8.GetBytes(text))).Name);
        return new MemoryStream(Encoding.UTF8.GetBytes(text));
    }
}
