#!/usr/bin/perl
# Stand-ins for gpiomon, gpioset, gpioget and (version 1) gpioinfo of libgpiod 1.6.3 and 2.1.2, where there is no GPIO
# chip. They take the options that the tools' help and manual pages name and refuse all others, as the tools do; in
# place of /dev/gpiochip0 stands the Unix socket of a virtual chip (virtual-chip.ts).
# Started as: gpiod-stand-in.pl <v1|v2> <tool> ...arguments
#
# Written from `--help` of gpiod 1.6.3 and gpiomon(1), gpioset(1), gpioget(1) of 2.1.2. How they treat their output
# and input was looked up in the tools' source and, for 1.6.3, seen with the real tools on a library that was replaced.
# Perl, because it starts in 10 ms; a test starts some hundred of them.
use strict;
use warnings;
use Socket;

my ($syntax, $tool, @args) = @ARGV;

# The long options of each tool; `=` takes a value.
my %options = (
  'v1 gpiomon' => 'version active-low bias= num-events= silent rising-edge falling-edge line-buffered format=',
  'v1 gpioset' => 'version active-low bias= drive= mode= sec= usec= background',
  'v1 gpioget' => 'version active-low bias=',
  'v1 gpioinfo' => 'version',
  'v2 gpiomon' => 'version banner bias= by-name chip= consumer= edges= event-clock= format= idle-timeout= active-low '
    . 'localtime num-events= debounce-period= quiet strict unquoted utc',
  'v2 gpioset' => 'version banner bias= by-name chip= consumer= drive= interactive active-low hold-period= strict '
    . 'toggle= unquoted daemonize',
  'v2 gpioget' => 'version as-is bias= by-name chip= consumer= active-low hold-period= numeric strict unquoted',
);
my %known = map { /^(.*?)(=?)$/; ($1 => $2 eq '=') } split ' ', $options{"$syntax $tool"};
my %biases = (v1 => 'as-is disable pull-down pull-up', v2 => 'pull-down pull-up disabled');

sub fail { print STDERR "$tool: $_[0]\n"; exit 1 }

my %given;
while (@args && $args[0] =~ /^-/) {
  my $word = shift @args;
  last if $word eq '--';
  my ($name, $value) = $word =~ /^--([^=]+)(?:=(.*))?$/s or fail("invalid option -- '$word'\n$tool: try $tool --help");
  fail("unrecognized option '$word'\n$tool: try $tool --help") unless exists $known{$name};
  $value = shift @args if $known{$name} && !defined $value;
  fail("option '--$name' requires an argument") if $known{$name} && !defined $value;
  $given{$name} = $known{$name} ? $value : 1;
}
my $bias = $given{bias};
fail("invalid bias: $bias") if defined $bias && !grep { $_ eq $bias } split ' ', $biases{$syntax};
if ($given{version}) {
  print "$tool (libgpiod) v", ($syntax eq 'v1' ? '1.6.3' : '2.1.2'), "\nCopyright (C) 2017-2023 Somebody\n";
  exit 0;
}

my $chip = $syntax eq 'v1' ? shift @args : $given{chip};
fail($syntax eq 'v1' ? 'gpiochip must be specified' : "cannot find line '" . ($args[0] // '') . "'") unless defined $chip;
fail('at least one GPIO line offset must be specified') if !@args && $tool ne 'gpioinfo';
for my $word (@args) {
  my $pattern = $tool eq 'gpioset' ? qr/^\d+=[01]$/ : qr/^\d+$/;
  fail("invalid GPIO offset: $word") unless $word =~ $pattern;
}
# What a gpioset does once the lines are set.
my $mode = $syntax eq 'v1' ? ($given{mode} // 'exit') : (($given{toggle} // '') eq '0' ? 'exit' : 'hold');

my %missing = (
  gpiomon => 'error waiting for events: No such file or directory',
  gpioset => 'error setting the GPIO line values: No such file or directory',
  gpioget => 'error reading GPIO values: No such file or directory',
  gpioinfo => "looking up chip $chip: No such file or directory",
);
my $missing = $syntax eq 'v1' ? $missing{$tool} : "cannot find GPIO chip character device '$chip'";
my %busy = (
  'v1 gpiomon' => 'error waiting for events',
  'v1 gpioset' => 'error setting the GPIO line values',
  'v1 gpioget' => 'error reading GPIO values',
  'v2 gpiomon' => "unable to request lines on chip $chip",
  'v2 gpioset' => "unable to request lines on chip '$chip'",
  'v2 gpioget' => 'unable to request lines',
);

my $socket;
socket($socket, PF_UNIX, SOCK_STREAM, 0) && connect($socket, pack_sockaddr_un($chip)) or fail($missing);
my %kinds = (gpiomon => 'watch', gpioset => 'set', gpioget => 'get', gpioinfo => 'info');
my $resistor = defined $bias ? ($bias eq 'disabled' ? 'disable' : $bias) : 'as-is';
syswrite $socket, join(' ', $kinds{$tool}, $resistor, @args) . "\n";

# Version 1 keeps what it prints to a pipe in blocks, unless it is told; version 2 flushes after each batch.
my $blocked = $syntax eq 'v1' && !$given{'line-buffered'};
my $block = '';

sub say_bytes {
  $block .= $_[0];
  return if $blocked && length $block < 4096;
  # A pipe that nobody reads any more ends the tool by SIGPIPE.
  syswrite STDOUT, $block;
  $block = '';
}

sub say_edge {
  my ($line, $value, $ns) = @_;
  my ($seconds, $rest) = (int($ns / 1e9), $ns % 1_000_000_000);
  my %words = $syntax eq 'v1'
    ? (o => $line, e => $value, s => $seconds, n => $rest)
    : (o => $line, e => $value ? 1 : 2, E => $value ? 'rising' : 'falling', S => sprintf('%d.%09d', $seconds, $rest));
  (my $text = $given{format}) =~ s/%(.)/$words{$1} \/\/ "%$1"/ge;
  say_bytes("$text\n");
}

sub has_lines {
  my @values = @_;
  if ($tool eq 'gpioget') {
    my @shown = $syntax eq 'v1' || $given{numeric}
      ? @values
      : map { "\"$args[$_]\"=" . ($values[$_] ? 'active' : 'inactive') } 0 .. $#values;
    print "@shown\n";
    exit 0;
  }
  if ($given{banner}) {
    my $names = join ', ', map { /^(\d+)/; "'$1'" } @args;
    say_bytes(($tool eq 'gpiomon' ? 'Monitoring' : 'Setting') . " lines $names...\n");
  }
  exit 0 if $tool eq 'gpioset' && $mode eq 'exit';
}

my $heard = '';
my $granted = 0;
while (1) {
  my $ready = '';
  vec($ready, fileno($socket), 1) = 1 if defined $socket;
  # ENTER or the end of its input ends it.
  vec($ready, fileno(STDIN), 1) = 1 if $tool eq 'gpioset' && $mode eq 'wait' && $granted;
  select($ready, undef, undef, undef);
  exit 0 if $granted && $mode eq 'wait' && vec($ready, fileno(STDIN), 1);
  next unless defined $socket && vec($ready, fileno($socket), 1);
  if (!sysread $socket, $heard, 65536, length $heard) {
    fail($missing) unless $granted;
    fail('error polling for events: No such device') if $tool eq 'gpiomon';
    # Version 2 waits for the lines and ends well; version 1 waits for ENTER and sees nothing of the chip.
    exit 0 if $mode ne 'wait';
    undef $socket;
    next;
  }
  while ($heard =~ s/^(.*)\n//) {
    my ($kind, @words) = split ' ', $1;
    fail("$busy{\"$syntax $tool\"}: Device or resource busy") if $kind eq 'busy';
    $granted = 1;
    has_lines(@words) if $kind eq 'values';
    say_edge(@words) if $kind eq 'edge';
    say_bytes(pack 'H*', $words[0]) if $kind eq 'print';
    if ($kind eq 'info') {
      print "gpiochip0 - ", scalar @words, " lines:\n";
      for (@words) {
        my ($line, $holder) = split /:/;
        printf "\tline %3d:      unnamed %12s   input  active-high %s\n", $line,
          $holder eq '-' ? ('unused', '') : ("\"$holder\"", '[used]');
      }
      exit 0;
    }
  }
}
