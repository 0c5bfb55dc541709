using System.Text.Json;
using Amazon.Lambda.RuntimeSupport;

namespace CacheBackup.AmazonLambda.Tests.Ours;

public sealed class LambdaErrorTests
{
    // The quota of a state's data, of which an error's Cause is a part, once more quoted as a JSON string.
    private const int StateDataLimit = 262_144;

    [Fact]
    public void Error_of_any_size_fits_a_states_data_with_room_to_spare()
    {
        var worst = new NoisyException(new string('\u0001', 1_000_000), string.Join('\n', Enumerable.Repeat(new string('\u0001', 10_000), 10_000)));

        var json = LambdaError.Of(worst).ToJson();

        var asCause = JsonSerializer.Serialize(System.Text.Encoding.UTF8.GetString(json));
        Assert.InRange(asCause.Length, 1, StateDataLimit * 3 / 4);
        Assert.Equal(LambdaError.MaxMessageLength, JsonDocument.Parse(json).RootElement.GetProperty("errorMessage").GetString()!.Length);
    }

    [Fact]
    public void Message_is_not_cut_between_the_halves_of_a_character()
    {
        var message = new string('a', LambdaError.MaxMessageLength - 2) + "😀😀";

        var cut = LambdaError.Of(new NoisyException(message, null)).ErrorMessage;

        Assert.Equal(new string('a', LambdaError.MaxMessageLength - 2) + "…", cut);
    }

    [Fact]
    public void Message_that_just_fits_is_left_alone()
    {
        var message = new string('a', LambdaError.MaxMessageLength);

        Assert.Equal(message, LambdaError.Of(new NoisyException(message, null)).ErrorMessage);
    }

    [Fact]
    public void Message_that_is_not_valid_unicode_is_still_written()
    {
        var json = JsonDocument.Parse(LambdaError.Of(new NoisyException("half \ud800 of a character", null)).ToJson()).RootElement;

        Assert.Equal("half \ufffd of a character", json.GetProperty("errorMessage").GetString());
    }

    [Fact]
    public void Exception_that_was_never_thrown_has_an_empty_stack_trace() =>
        Assert.Equal("""{"errorType":"NoisyException","errorMessage":"m","stackTrace":[]}"""u8, LambdaError.Of(new NoisyException("m", null)).ToJson());

    private sealed class NoisyException(string message, string? stackTrace) : Exception(message)
    {
        public override string? StackTrace => stackTrace;
    }
}
