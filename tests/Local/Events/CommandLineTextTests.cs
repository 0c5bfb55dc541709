using CacheBackup.Core.Model;

namespace CacheBackup.Local.Events;

public sealed class CommandLineTextTests
{
    [Theory]
    [InlineData("tell", "tell")]
    [InlineData("  tell   us\tnow ", "tell|us|now")]
    [InlineData("tell 'two words' \"and 'three' more\"", "tell|two words|and 'three' more")]
    [InlineData("tell --to='the channel'", "tell|--to=the channel")]
    [InlineData("tell '' \"\"", "tell||")]
    [InlineData(@"tell C:\a\b $HOME *.rdb ; rm | cat `x` \'a b\'", @"tell|C:\a\b|$HOME|*.rdb|;|rm|PIPE|cat|`x`|\a b\")]
    public void Arguments_are_parted_by_spaces_and_held_together_by_quotes(string text, string expected) =>
        Assert.Equal(expected.Split('|'), CommandLineText.Split(text).Select(a => a == "|" ? "PIPE" : a));

    [Theory]
    [InlineData("")]
    [InlineData(" \t ")]
    [InlineData("''")]
    [InlineData("tell 'us")]
    [InlineData("tell \"us")]
    public void What_is_no_command_is_refused(string text) => Assert.Throws<InvalidRequestException>(() => CommandLineText.Split(text));
}
