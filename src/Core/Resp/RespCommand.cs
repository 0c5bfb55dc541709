using System.Buffers;
using System.Text;

namespace CacheBackup.Core.Resp;

/// <summary>A whole command. For the few that are sent once; a hot path writes its arguments straight into the output buffer.</summary>
public sealed class RespCommand
{
    private readonly string[] _words;
    private readonly RespArgument[] _arguments;

    /// <param name="name">Name and subcommand, a word each: <c>CLIENT NO-TOUCH</c>. It is what errors name.</param>
    /// <param name="arguments">What follows; never part of a message.</param>
    public RespCommand(string name, params ReadOnlySpan<RespArgument> arguments)
    {
        Name = name;
        _words = name.Split(' ');
        _arguments = arguments.ToArray();
    }

    public string Name { get; }

    public void WriteTo(IBufferWriter<byte> output)
    {
        output.WriteArrayHeader(_words.Length + _arguments.Length);
        foreach (string word in _words)
        {
            output.WriteBulk(Encoding.ASCII.GetBytes(word));
        }

        foreach (RespArgument argument in _arguments)
        {
            output.WriteBulk(argument.Bytes);
        }
    }

    public override string ToString() => Name;
}
